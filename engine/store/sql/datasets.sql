-- Titles, chance and ceiling of every dataset that has figures or facts; what no table states is derived from the facts.
create table dataset_scales as
with seen as (
    select distinct dataset from facts union select distinct dataset from accuracy_counts
),
derived as (
    -- an open question cannot be guessed; a fact without a text tells nothing
    select dataset, min(stream) as stream, avg(case when n_options = 0 then 0 else len(gold) / n_options end) as chance
    from facts
    group by dataset
)
select
    seen.dataset,
    coalesce(d.title, seen.dataset::varchar) as title,
    coalesce(d.stream, derived.stream) as stream,
    coalesce(d.chance, derived.chance, 0) as chance,
    coalesce(d.ceiling, 1) as ceiling,
    coalesce(d.ceiling_source, 'every answer right') as ceiling_source
from seen
left join datasets as d on d.dataset::varchar = seen.dataset::varchar
left join derived on derived.dataset = seen.dataset
order by seen.dataset;
