-- The answers stream past two small tables; left to itself DuckDB, which cannot tell how long the stream is, may hold it
-- all in memory to join the small tables to it.
set disabled_optimizers = 'join_order,build_side_probe_side';

insert into answers
select
    s.label, a.dataset::dataset_id, a.language::language_id, f.fact_ix, a.run_id::run_id,
    a.predicted, a.correct, a.parsed, a.text, a.error
from arriving as a
join shown_runs as s
    on s.run_id = a.run_id and s.model = a.model and s.dataset = a.dataset and s.language = a.language
    and s.probe is not distinct from a.probe and s.template is not distinct from a.template
join facts as f on f.dataset = a.dataset::dataset_id and f.fact_id = a.fact_id;

reset disabled_optimizers;
