-- title: Gap to English
-- level: performance
-- meaning: How much less models know outside English: accuracy in English less the mean accuracy in the other chosen
--   languages, in the mean over the models; beside it the means of both. Models count that were measured in one of the
--   languages at least; the gap is of those that were measured in English and in another one. `n`: facts in a language,
--   `n_others`: languages other than English.
-- range: shares 0 to 1; gap -1 to 1, below 0 where models know more outside English
-- direction: English less the others
-- interval: normal 95 % of the mean over models, of the gap and (english_low, english_high) of English; models that share
--   a base are no independent sample, which it does not know
-- source: standard
-- confirmed: yes. Defined here and not from a paper.
-- shape: dataset
-- scale: difference
-- needs: counts
-- builds-on: accuracy, mean_of_languages
-- parameters: models, datasets, languages
-- columns: dataset, n_models, n, n_others, english, english_low, english_high, others, gap
-- key: dataset
with levels as (
    from mean_of_languages(models, datasets, languages) where measure = 'accuracy' and n_most > 0
),
told as (
    select dataset, count(distinct language) filter (where language::varchar <> 'en')::bigint as n_others
    from accuracy
    where n > 0
        and (models is null or model in (select try_cast(unnest(models) as model_id)))
        and (languages is null or language in (select try_cast(unnest(languages) as language_id)))
    group by dataset
)
select
    dataset, count(*)::bigint as n_models, max(n_most)::bigint as n, any_value(n_others) as n_others,
    avg(english) as english,
    avg(english) - 1.96 * stddev_samp(english) / sqrt(count(english)) as english_low,
    avg(english) + 1.96 * stddev_samp(english) / sqrt(count(english)) as english_high,
    avg(others) as others,
    avg(gap) as gap,
    avg(gap) - 1.96 * stddev_samp(gap) / sqrt(count(gap)) as ci_low,
    avg(gap) + 1.96 * stddev_samp(gap) / sqrt(count(gap)) as ci_high
from levels join told using (dataset)
group by dataset
