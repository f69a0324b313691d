-- One row: means over the models of a dataset (of `models`; NULL: all), each with a normal 95 % interval of the mean over models.
with levels as (
    select
        model,
        max(accuracy) filter (where language::varchar = 'en') as english,
        avg(accuracy) filter (where language::varchar <> 'en') as others,
        max(n) as n
    from accuracy
    where dataset = try_cast($dataset as dataset_id) and list_contains($languages::varchar[], language::varchar)
        and coalesce(list_contains($models::varchar[], model::varchar), true)
    group by model
)
select
    count(*)::bigint as n_models, max(n)::bigint as n_facts,
    avg(english) as english,
    avg(english) - 1.96 * stddev_samp(english) / sqrt(count(english)) as english_low,
    avg(english) + 1.96 * stddev_samp(english) / sqrt(count(english)) as english_high,
    avg(others) as others,
    avg(english - others) as gap,
    avg(english - others) - 1.96 * stddev_samp(english - others) / sqrt(count(english - others)) as gap_low,
    avg(english - others) + 1.96 * stddev_samp(english - others) / sqrt(count(english - others)) as gap_high
from levels
