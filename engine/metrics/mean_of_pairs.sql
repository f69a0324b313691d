-- title: Mean over pairs of languages
-- level: consistency
-- meaning: Each measure of pairs of languages, in the mean over the pairs of the chosen languages, with its weakest and its
--   strongest pair. Of a directed measure each pair counts both ways. A pair in which a measure is missing is left out.
-- range: that of the measure
-- direction: one figure per model and measure
-- interval: the mean of the pairs' 95 % intervals: too wide rather than too narrow, since it takes the errors of the pairs,
--   which share their facts, as wholly alike; missing for a measure that has none
-- source: standard
-- confirmed: yes. Defined here and not from a paper.
-- shape: model
-- scale: share
-- needs: counts
-- builds-on: measured_pairs
-- parameters: models, datasets, languages
-- columns: model, dataset, measure, n_pairs, mean, weakest, weakest_pair, strongest, strongest_pair
-- key: model, dataset, measure
select
    model, dataset, measure,
    (count(value) / 2)::bigint as n_pairs,
    favg(value) as mean,
    min(value) as weakest,
    arg_min(concat(language_a, '.', language_b), (value, language_a::varchar, language_b::varchar))
        filter (where value is not null) as weakest_pair,
    max(value) as strongest,
    arg_max(concat(language_a, '.', language_b), (value, language_a::varchar, language_b::varchar))
        filter (where value is not null) as strongest_pair,
    favg(ci_low) as ci_low,
    favg(ci_high) as ci_high
from measured_pairs
where (models is null or model in (select try_cast(unnest(models) as model_id)))
    and (datasets is null or dataset in (select try_cast(unnest(datasets) as dataset_id)))
    and (languages is null or (
        language_a in (select try_cast(unnest(languages) as language_id))
        and language_b in (select try_cast(unnest(languages) as language_id))
    ))
group by model, dataset, measure
