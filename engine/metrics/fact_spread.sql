-- title: Languages that know a fact
-- level: consistency
-- meaning: For a model and a fact: in how many of the chosen languages it is answered right, and the only language where
--   that is one. Disagreement is the share of language pairs of which one has it right and the other wrong.
-- range: 0 to the number of languages; disagreement 0 to 1
-- direction: one figure per model and fact
-- interval: none: a count, not an estimate
-- source: a count over the answers; in the spirit of Acc@k over languages
-- confirmed: yes
-- shape: fact
-- scale: count
-- needs: answers
-- parameters: models, datasets, languages
-- columns: model, dataset, fact_id, n, n_right, only_language, disagreement
-- key: model, dataset, fact_id
with counted as (
    select
        model, dataset, fact_ix,
        count(*)::bigint as n,
        (count(*) filter (where correct))::bigint as n_right,
        min(language) filter (where correct) as a_right_language
    from answers
    where correct is not null
        and (models is null or model in (select try_cast(unnest(models) as model_id)))
        and (datasets is null or dataset in (select try_cast(unnest(datasets) as dataset_id)))
        and (languages is null or language in (select try_cast(unnest(languages) as language_id)))
    group by model, dataset, fact_ix
)
select
    model, dataset, f.fact_id, n, n_right,
    case when n_right = 1 then a_right_language end as only_language,
    disagreement_of(n_right, n) as disagreement
from counted join facts as f using (dataset, fact_ix)
