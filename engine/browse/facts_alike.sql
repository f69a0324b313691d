-- The facts of the store that a typed one may mean, in every language, the likeliest first: of its relation and about its
-- subject, or with its very question; else those whose subject and relation its English question names ($named), by the
-- longest name (Guinea-Bissau, not Guinea). Of datasets with the same fact the larger comes first.
with candidates as (
    select
        t.dataset, t.fact_ix,
        case
            when list_contains($questions::varchar[], t.question) then 0
            when f.relation = $relation and list_contains(
                list_transform($subjects::varchar[], lambda s: folded(s)), folded(t.subject)
            ) then 0
            when t.language::varchar = 'en' and length(t.subject) > 2 and contains(folded($named), folded(t.subject))
                and contains(folded($named), replace(f.relation, '_', ' ')) then 1000 - length(t.subject)
        end as place
    from fact_texts as t join facts as f using (dataset, fact_ix)
),
alike as (
    select distinct dataset, fact_ix from candidates where place is not null qualify place = min(place) over ()
),
sizes as (
    select dataset, count(*) as n_facts from facts group by dataset
)
select
    t.dataset::varchar as dataset, d.title, f.fact_id, f.relation, f.gold, t.language::varchar as language, t.subject,
    t.options, t.answers
from alike join fact_texts as t using (dataset, fact_ix) join facts as f using (dataset, fact_ix)
join dataset_scales as d on d.dataset = t.dataset
join sizes as s on s.dataset = t.dataset
order by n_facts desc, t.dataset, f.fact_ix, t.language
