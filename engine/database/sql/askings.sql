-- The ways of asking a model, by the label that every other table calls `model`; here `model` is the model's own name.
-- `weights_sha256` and `finished` are those of the run that finished last: answers of other weights do not speak. Imports,
-- without a time, come first.
create temp table dated as
select
    a.*, l.label, coalesce(r.weights_sha256, '') as weights, coalesce(r.finished, '-infinity'::timestamptz) as finished
from answered as a
left join runs as r on r.run_id = a.run_id and r.model = a.model
join labels as l
    on l.model = a.model and l.probe is not distinct from a.probe and l.template is not distinct from a.template
    and l.harness is not distinct from r.harness;

create table askings as
with last as (
    select label, arg_max(weights, (finished, run_id)) as weights, max(finished) as finished from dated group by label
)
select
    label::model_id as label, l.model, l.probe, l.template, l.harness,
    nullif(last.weights, '') as weights_sha256, nullif(last.finished, '-infinity'::timestamptz) as finished
from labels as l left join last using (label)
order by label;

-- Under which label published counts stand.
create temp table published_labels as
select p.source, p.model, l.label
from published_ways as p
join labels as l
    on l.model = p.model and l.probe is null and l.template is null and l.harness is not distinct from p.harness;
