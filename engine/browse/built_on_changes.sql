-- One row per model and language on a dataset where the model that it is built on was asked in the same way: the metric
-- change_from_base, and how the model was trained. `models`: the labels that count.
select
    c.model::varchar as model, k.model as own_name, c.base::varchar as base, b.model as base_name,
    m.training_strategy, m.target_languages, c.language::varchar as language, c.n, c.change, c.ci_low, c.ci_high
from change_from_base($models::varchar[], [$dataset::varchar], $languages::varchar[]) as c
join askings as k on k.label = c.model
join askings as b on b.label = c.base
left join models as m on m.model = k.model
order by model, change desc, language
