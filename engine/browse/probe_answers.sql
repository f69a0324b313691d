-- Subject and right answer of every fact of a relation in the languages given: what wrong answers are proposed from.
select
    f.fact_id, t.language::varchar as language, t.subject,
    coalesce(t.options[f.gold[1] + 1], t.answers[1]) as answer
from fact_texts as t join facts as f using (dataset, fact_ix)
where f.dataset = try_cast($dataset as dataset_id) and f.relation = $relation
    and list_contains($languages::varchar[], t.language::varchar)
    and coalesce(t.options[f.gold[1] + 1], t.answers[1]) is not null
order by f.fact_ix, t.language
