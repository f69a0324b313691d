-- The options that share a token with the end of their question, for the answers that speak. A table of its own: hardly
-- any answer has one.
create table merged_options as
select
    s.label as model, a.dataset::dataset_id as dataset, a.language::language_id as language, f.fact_ix,
    a.merged_options as options
from arriving as a
join shown_runs as s
    on s.run_id = a.run_id and s.model = a.model and s.dataset = a.dataset and s.language = a.language
    and s.probe is not distinct from a.probe and s.template is not distinct from a.template
join facts as f on f.dataset = a.dataset::dataset_id and f.fact_id = a.fact_id
where a.merged_options is not null
qualify row_number() over (partition by s.label, f.dataset, a.language, f.fact_ix order by a.run_id, a.predicted) = 1;
