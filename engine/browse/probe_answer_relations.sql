-- The relations of which an answer is a right one, in a language: those first that have a fact about this subject.
select
    f.dataset::varchar as dataset, f.relation, count(*)::bigint as n_facts,
    bool_or(folded(coalesce(t.subject, '')) = folded($subject)) as has_subject
from fact_texts as t join facts as f using (dataset, fact_ix)
where f.relation is not null and t.language::varchar = $language
group by f.dataset, f.relation
having bool_or(folded(coalesce(t.options[f.gold[1] + 1], t.answers[1], '')) = folded($answer))
order by has_subject desc, n_facts desc, f.dataset, f.relation
