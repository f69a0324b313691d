-- One row per fact. `fact_ix` counts the facts of a dataset from 0: it is the fact's place in every bit string.
-- A fact that has answers but no text still gets a row; its gold is unknown.
create table facts as
with known as (
    select
        dataset, fact_id, min(stream) as stream, min(relation) as relation, min(gold) as gold,
        max(len(options))::integer as n_options, min(source_language) as source_language, min(country) as country
    from raw_facts
    group by dataset, fact_id
),
every_fact as (
    select dataset, fact_id from known union select dataset, fact_id from answered_facts
)
select
    dataset::dataset_id as dataset,
    fact_id,
    (row_number() over (partition by dataset order by try_cast(fact_id as bigint) nulls last, fact_id) - 1)::integer
        as fact_ix,
    stream, relation, gold,
    -- facts that share their right options form one group of the null model behind `expected`; '?': nobody knows them
    case when n_options is null then '?' else coalesce(array_to_string(list_sort(gold), ','), '') end as gold_key,
    n_options, source_language, country
from every_fact left join known using (dataset, fact_id)
order by dataset, fact_ix;

create table fact_texts as
select
    f.dataset, f.fact_ix, r.language::language_id as language, r.subject, r.question, r.options, r.answers, r.origin,
    folded(concat_ws(' ', r.question, array_to_string(r.options, ' '), r.subject, array_to_string(r.answers, ' ')))
        as folded
from raw_facts as r join facts as f on f.dataset = r.dataset::dataset_id and f.fact_id = r.fact_id
order by f.dataset, f.fact_ix, language;
