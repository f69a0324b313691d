-- What can be asked about a subject: a row per dataset, relation and language whose facts name their subject. `wording` is
-- the question with {subject} in the subject's place, NULL where no wording serves most of the facts.
with worded as (
    select
        f.dataset, f.relation, t.language, replace(t.question, t.subject, '{subject}') as wording, count(*) as n
    from fact_texts as t join facts as f using (dataset, fact_ix)
    where f.relation is not null and t.subject <> ''
    group by all
)
select
    w.dataset::varchar as dataset, d.title, w.relation, w.language::varchar as language, sum(w.n)::bigint as n_facts,
    case when 2 * max(w.n) > sum(w.n) and contains(arg_max(w.wording, w.n), '{subject}')
        then arg_max(w.wording, w.n) end as wording
from worded as w join dataset_scales as d on d.dataset = w.dataset
group by w.dataset, d.title, w.relation, w.language
order by w.dataset, w.relation, w.language
