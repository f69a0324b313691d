-- One fact: a row per language in which it has a text or an answer, with what the chosen model said, and how many models
-- answer it right.
with texts as (
    select t.*
    from fact_texts as t join facts as f using (dataset, fact_ix)
    where f.dataset = try_cast($dataset as dataset_id) and f.fact_id = $fact
),
said as (
    select a.*, k.probe, k.template, m.options as merged_options
    from answers as a join facts as f using (dataset, fact_ix) join askings as k on k.label = a.model
    left join merged_options as m
        on m.model = a.model and m.dataset = a.dataset and m.language = a.language and m.fact_ix = a.fact_ix
    where f.dataset = try_cast($dataset as dataset_id) and f.fact_id = $fact and a.model = try_cast($model as model_id)
),
models_right as (
    select language, n_right as n_models_right, n as n_models
    from models_right(null, [$dataset::varchar], null) where fact_id = $fact
)
select
    language::varchar as language, t.subject, t.question, t.options, t.answers, t.origin,
    s.predicted, s.correct, s.parsed, s.text, s.error, s.run_id::varchar as run_id, s.probe, s.template, s.merged_options,
    r.n_models_right, r.n_models
from texts as t
full join said as s using (language)
full join models_right as r using (language)
order by language
