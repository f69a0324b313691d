-- Titles, chance and ceiling of every dataset that has figures or facts; what no table states is derived from the facts.
-- They are missing where they cannot be known: $left_out names the tables of which a file had to be left out.
create table dataset_scales as
with seen as (
    select distinct dataset from facts union select distinct dataset from accuracy_counts
),
derived as (
    -- an open question cannot be guessed; where a fact's options are not known, neither is the chance of guessing it
    select
        dataset, min(stream) as stream,
        case when count(n_options) = count(*) and not list_contains($left_out, 'facts') then
            avg(case when n_options = 0 then 0 else len(gold) / n_options end) end as chance
    from facts
    group by dataset
)
select
    seen.dataset,
    coalesce(d.title, seen.dataset::varchar) as title,
    coalesce(d.stream, derived.stream) as stream,
    case when d.dataset is not null or not list_contains($left_out, 'datasets') then coalesce(d.chance, derived.chance)
        end as chance,
    case when d.dataset is not null or not list_contains($left_out, 'datasets') then coalesce(d.ceiling, 1) end as ceiling,
    coalesce(d.ceiling_source, 'every answer right') as ceiling_source
from seen
left join datasets as d on d.dataset::varchar = seen.dataset::varchar
left join derived on derived.dataset = seen.dataset
order by seen.dataset;
