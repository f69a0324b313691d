-- Which run speaks for a way of asking, dataset and language: the one that finished last, of those whose weights speak.
create temp table shown_runs as
select
    d.label::model_id as label, d.model, d.probe, d.template, dataset, language,
    arg_max(run_id, (d.finished, run_id)) as run_id
from dated as d join askings as k on k.label = d.label::model_id and coalesce(k.weights_sha256, '') = d.weights
group by all;

-- Answers that would speak if they were of those weights.
create temp table other_weights as
with newest as (
    select
        label, arg_max(weights, (finished, run_id)) as weights, arg_max(n_answers, (finished, run_id)) as n_answers
    from dated group by label, dataset, language
)
select n.label, sum(n.n_answers)::bigint as n
from newest as n join askings as k on k.label = n.label::model_id and coalesce(k.weights_sha256, '') <> n.weights
group by n.label order by n.label;
