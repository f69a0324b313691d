-- title: Change from the base model
-- level: performance
-- meaning: How accuracy in a language differs between a model and the one that it is built on, where both were asked in the
--   same way: with the same probe and wording.
-- range: -1 to 1; above 0 the model knows more than its base
-- direction: per language: the model less its base
-- interval: Newcombe's 95 % of the difference of two independent shares (method 10): too wide rather than too narrow, since
--   both models are asked the same facts
-- source: standard; interval: Newcombe 1998, doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I
-- confirmed: yes
-- shape: language
-- scale: difference
-- needs: counts, models
-- builds-on: accuracy
-- parameters: models, datasets, languages
-- columns: model, base, dataset, language, n, accuracy, base_accuracy, change
-- key: model, base, dataset, language
with chosen as (
    select k.label, k.model, k.probe, k.template, k.harness, m.built_on
    from askings as k left join models as m on m.model = k.model
    where models is null or k.label in (select try_cast(unnest(models) as model_id))
),
differing as (
    select
        s.label as model, b.label as base, new.dataset, new.language, new.n, new.accuracy, old.accuracy as base_accuracy,
        new.accuracy - old.accuracy as change,
        sqrt((new.accuracy - new.ci_low) ** 2 + (old.ci_high - old.accuracy) ** 2) as below,
        sqrt((new.ci_high - new.accuracy) ** 2 + (old.accuracy - old.ci_low) ** 2) as above
    from chosen as s
    join chosen as b on b.model = s.built_on
        and (b.probe, b.template, b.harness) is not distinct from (s.probe, s.template, s.harness)
    join accuracy as new on new.model = s.label
    join accuracy as old on old.model = b.label and old.dataset = new.dataset and old.language = new.language
    where (datasets is null or new.dataset in (select try_cast(unnest(datasets) as dataset_id)))
        and (languages is null or new.language in (select try_cast(unnest(languages) as language_id)))
)
select
    model, base, dataset, language, n, accuracy, base_accuracy, change, change - below as ci_low, change + above as ci_high
from differing
