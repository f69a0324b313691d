-- One row per model on a dataset (of `models`; NULL: all): means over the chosen languages, and the gap between English
-- and the others. `own_name`: without the way of asking. The
-- interval of a mean is the mean of the languages' intervals: it is too wide rather than too narrow, since it takes the
-- errors of the languages, which share their facts, as wholly alike.
with chosen as (
    select a.*, r.ra, r.ci_low as ra_low, r.ci_high as ra_high
    from accuracy as a join ra as r using (model, dataset, language)
    where dataset = try_cast($dataset as dataset_id) and list_contains($languages::varchar[], language::varchar)
        and coalesce(list_contains($models::varchar[], model::varchar), true)
),
levels as (
    select
        model,
        avg(accuracy) as mean_accuracy, avg(ci_low) as mean_accuracy_low, avg(ci_high) as mean_accuracy_high,
        avg(ra) as mean_ra, avg(ra_low) as mean_ra_low, avg(ra_high) as mean_ra_high,
        count(accuracy)::bigint as n_languages, (min(n) filter (where n > 0))::bigint as n,
        max(accuracy) filter (where language::varchar = 'en') as english,
        avg(accuracy) filter (where language::varchar <> 'en') as others
    from chosen group by model
),
pairs as (
    select
        model, avg(overlap) as mean_overlap, avg(above_chance) as mean_above_chance, count(overlap)::bigint as n_pairs
    from overlap
    where dataset = try_cast($dataset as dataset_id) and list_contains($languages::varchar[], language_a::varchar)
        and list_contains($languages::varchar[], language_b::varchar)
    group by model
)
select
    l.model::varchar as model, k.model as own_name, m.family, m.billion_parameters, m.built_on, m.training_strategy, m.target_languages,
    mean_accuracy, mean_accuracy_low, mean_accuracy_high, mean_ra, mean_ra_low, mean_ra_high,
    n_languages, n, english, others, english - others as gap,
    mean_overlap, mean_above_chance, n_pairs
from levels as l
left join pairs as p using (model)
join askings as k on k.label = l.model
left join models as m on m.model = k.model
order by mean_accuracy desc, model
