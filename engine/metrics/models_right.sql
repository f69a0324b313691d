-- title: Models that know a fact
-- level: performance
-- meaning: In how many of the chosen models a fact is answered right in a language, of how many that were measured on it. A
--   model that was asked in several ways counts once for each.
-- range: 0 to the number of models
-- direction: one figure per fact and language
-- interval: none: a count, not an estimate
-- source: a count over the answers
-- confirmed: yes
-- shape: fact
-- scale: count
-- needs: answers
-- parameters: models, datasets, languages
-- columns: dataset, fact_id, language, n, n_right
-- key: dataset, fact_id, language
with counted as (
    select
        dataset, fact_ix, language, count(correct)::bigint as n, (count(*) filter (where correct))::bigint as n_right
    from answers
    where (models is null or model in (select try_cast(unnest(models) as model_id)))
        and (datasets is null or dataset in (select try_cast(unnest(datasets) as dataset_id)))
        and (languages is null or language in (select try_cast(unnest(languages) as language_id)))
    group by dataset, fact_ix, language
)
select c.dataset, f.fact_id, c.language, c.n, c.n_right from counted as c join facts as f using (dataset, fact_ix)
