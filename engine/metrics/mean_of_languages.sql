-- title: Mean over languages
-- level: performance
-- meaning: Accuracy and RA in the mean over the chosen languages, with the lowest and the highest; and English beside the
--   mean of the others: the gap is what the model loses outside English. A language in which nothing was measured is left
--   out. `n_least`, `n_most`: the fewest and most facts of a language; the fewest of those in which any were measured.
-- range: that of the measure; gap -1 to 1 of accuracy
-- direction: one figure per model and measure; the gap is English less the others
-- interval: the mean of the languages' 95 % intervals: too wide rather than too narrow, since it takes the errors of the
--   languages, which share their facts, as wholly alike
-- source: standard
-- confirmed: yes. Defined here and not from a paper.
-- shape: model
-- scale: share
-- needs: counts
-- builds-on: accuracy, ra
-- parameters: models, datasets, languages
-- columns: model, dataset, measure, n_languages, n_least, n_most, mean, lowest, highest, english, others, gap
-- key: model, dataset, measure
with measured as (
    select model, dataset, language, 'accuracy' as measure, n, accuracy as value, ci_low, ci_high from accuracy
    union all
    select model, dataset, language, 'ra', n, ra, ci_low, ci_high from ra
),
means as (
    select
        model, dataset, measure,
        count(value)::bigint as n_languages,
        (min(n) filter (where n > 0))::bigint as n_least,
        max(n)::bigint as n_most,
        favg(value) as mean, min(value) as lowest, max(value) as highest,
        max(value) filter (where language::varchar = 'en') as english,
        favg(value) filter (where language::varchar <> 'en') as others,
        favg(ci_low) as ci_low, favg(ci_high) as ci_high
    from measured
    where (models is null or model in (select try_cast(unnest(models) as model_id)))
        and (datasets is null or dataset in (select try_cast(unnest(datasets) as dataset_id)))
        and (languages is null or language in (select try_cast(unnest(languages) as language_id)))
    group by model, dataset, measure
)
select *, english - others as gap from means
