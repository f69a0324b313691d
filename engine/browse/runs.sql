-- The runs that asked a model on this store, the last finished first. Times are UTC. `labels`: under which names the
-- models of the pages show its answers; none where a later run speaks instead. `n_failed` is known of runs whose
-- answers all speak. What was imported was asked elsewhere and is only counted (`n_imported`).
with speaking as (
    select
        run_id::varchar as run_id, count(*) as n, count(error)::bigint as n_failed,
        list(distinct model::varchar order by model::varchar) as labels,
        string_agg(distinct dataset::varchar, ', ' order by dataset::varchar) as datasets
    from answers
    group by run_id
),
timed as (
    select *, nullif(epoch_ms(finished) - epoch_ms(started), 0) / 1000 as seconds from runs
)
select
    t.run_id, t.model, coalesce(s.labels, []) as labels,
    coalesce(case when json_valid(t.settings) then json_extract_string(t.settings, '$.dataset') end, s.datasets) as dataset,
    t.probe, t.template, t.status, t.n_expected, t.n_done, case when s.n >= t.n_done then s.n_failed end as n_failed,
    t.dtype, t.device, t.revision, t.weights_sha256, t.seed, t.engine_version,
    strftime(make_timestamp_ms(epoch_ms(t.started)), '%Y-%m-%d %H:%M') as started,
    strftime(make_timestamp_ms(epoch_ms(t.finished)), '%Y-%m-%d %H:%M') as finished,
    t.seconds, t.n_done / t.seconds as answers_per_second, t.settings,
    (select count(*) from runs where source = 'import')::bigint as n_imported
from timed as t
left join speaking as s on s.run_id = t.run_id
where t.source <> 'import'
order by t.finished desc nulls last, t.run_id
