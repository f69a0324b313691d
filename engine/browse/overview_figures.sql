-- One row: means over the models of a dataset (of `models`; NULL: all) that were measured in one of the languages at least,
-- each with a normal 95 % interval of the mean over models. `n_others`: the languages other than English with figures.
with levels as (
    select
        model,
        max(accuracy) filter (where language::varchar = 'en') as english,
        avg(accuracy) filter (where language::varchar <> 'en') as others,
        max(n) as n, list(language::varchar) filter (where language::varchar <> 'en') as in_others
    from accuracy
    where dataset = try_cast($dataset as dataset_id) and list_contains($languages::varchar[], language::varchar)
        and coalesce(list_contains($models::varchar[], model::varchar), true) and n > 0
    group by model
)
select
    count(*)::bigint as n_models, max(n)::bigint as n_facts,
    len(list_distinct(flatten(list(in_others) filter (where in_others is not null))))::bigint as n_others,
    avg(english) as english,
    avg(english) - 1.96 * stddev_samp(english) / sqrt(count(english)) as english_low,
    avg(english) + 1.96 * stddev_samp(english) / sqrt(count(english)) as english_high,
    avg(others) as others,
    avg(english - others) as gap,
    avg(english - others) - 1.96 * stddev_samp(english - others) / sqrt(count(english - others)) as gap_low,
    avg(english - others) + 1.96 * stddev_samp(english - others) / sqrt(count(english - others)) as gap_high
from levels
