-- One row per model and language on a dataset where the model that it is built on was asked in the same way: how accuracy
-- changed. `models`: the labels that count. The interval of the change is Newcombe's (1998, method 10) for independent
-- shares: too wide rather than too narrow, since both models are asked the same facts.
with shown as (
    select k.label, k.model, k.probe, k.template, k.harness, m.built_on, m.training_strategy, m.target_languages
    from askings as k left join models as m on m.model = k.model
    where list_contains($models::varchar[], k.label::varchar)
),
counted as (
    select label, language, n, accuracy, ci_low, ci_high
    from accuracy as a join shown as s on s.label = a.model
    where dataset = try_cast($dataset as dataset_id) and list_contains($languages::varchar[], language::varchar)
),
changes as (
    select
        s.label::varchar as model, s.model as own_name, b.label::varchar as base, b.model as base_name,
        s.training_strategy, s.target_languages, new.language::varchar as language, new.n,
        new.accuracy - old.accuracy as change,
        sqrt((new.accuracy - new.ci_low) ** 2 + (old.ci_high - old.accuracy) ** 2) as below,
        sqrt((new.ci_high - new.accuracy) ** 2 + (old.accuracy - old.ci_low) ** 2) as above
    from shown as s
    join shown as b on b.model = s.built_on and (b.probe, b.template, b.harness) is not distinct from (s.probe, s.template, s.harness)
    join counted as new on new.label = s.label
    join counted as old on old.label = b.label and old.language = new.language
)
select
    model, own_name, base, base_name, training_strategy, target_languages, language, n,
    change, change - below as ci_low, change + above as ci_high
from changes
order by model, change desc, language
