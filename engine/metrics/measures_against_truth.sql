-- title: Measures against the truth
-- level: conductivity
-- meaning: Whether a measure puts lab models, or models in languages, in the order of what really crossed. Spearman's rank
--   correlation of the measure with crossed; beside it, with crossed among names that are spelled otherwise than in
--   English, and with the share of facts taught in the language, which a measure of alignment should not follow: one that
--   follows it more closely than crossed is fooled by storage. Excess is how many places, as a share of all, the measure
--   puts something higher than crossed does, at most; `overrated` and `in_language` say what that is. Unit: cell, a model
--   in a language; or model, means over its languages. Counted where measure and crossed are both known.
-- range: correlations -1 to 1, 1: the order is right; excess 0 to 1, 0: nothing stands too high
-- direction: one figure per measure and unit
-- interval: none: cells share models and facts, and a few models are no sample
-- source: Isogloss's own; rank correlation: Spearman 1904, doi:10.2307/1412159
-- confirmed: yes. Defined here and not from a paper.
-- shape: measure
-- scale: correlation
-- needs: answers, exposure
-- builds-on: measured_and_crossed
-- parameters: models, datasets, languages
-- columns: dataset, measure, unit, n, spearman, spearman_different, spearman_taught, overrated, in_language, excess
-- key: dataset, measure, unit
with cells as (
    select * from measured_and_crossed(models, datasets, languages) where value is not null and crossed is not null
),
units as (
    select 'cell' as unit, dataset, measure, model, language, value, crossed, crossed_different, taught from cells
    union all
    select
        'model', dataset, measure, model, null, avg(value), avg(crossed), avg(crossed_different), avg(taught)
    from cells
    group by dataset, measure, model
),
-- a row for each thing that a measure is held against; rounded, so that equals are equal however they were summed
held as (
    select * replace (round(value, 12) as value, round(truth, 12) as truth)
    from units unpivot (truth for against in (crossed, crossed_different, taught))
),
-- equals share the mean of their places, so that ranks correlate as Spearman wants
ranked as (
    select
        *,
        rank() over (partition by unit, dataset, measure, against order by value)
            + (count(*) over (partition by unit, dataset, measure, against, value) - 1) / 2 as value_rank,
        rank() over (partition by unit, dataset, measure, against order by truth)
            + (count(*) over (partition by unit, dataset, measure, against, truth) - 1) / 2 as truth_rank,
        count(*) over (partition by unit, dataset, measure, against) as n
    from held
),
placed as (
    select *, (value_rank - truth_rank) / nullif(n - 1, 0) as excess from ranked
),
correlated as (
    select
        dataset, measure, unit, against, count(*)::bigint as n,
        -- two points always lie on a line; where all are equal there is no order
        case when count(*) > 2 and stddev_pop(value_rank) > 0 and stddev_pop(truth_rank) > 0
            then corr(value_rank, truth_rank) end as spearman,
        max(excess) as excess,
        arg_max(model, (excess, model, language)) as overrated,
        arg_max(language, (excess, model, language)) as in_language
    from placed
    group by all
)
select
    dataset, measure, unit,
    max(n) filter (where against = 'crossed') as n,
    max(spearman) filter (where against = 'crossed') as spearman,
    max(spearman) filter (where against = 'crossed_different') as spearman_different,
    max(spearman) filter (where against = 'taught') as spearman_taught,
    any_value(overrated) filter (where against = 'crossed' and excess > 0) as overrated,
    any_value(in_language) filter (where against = 'crossed' and excess > 0) as in_language,
    max(excess) filter (where against = 'crossed') as excess
from correlated
group by dataset, measure, unit
