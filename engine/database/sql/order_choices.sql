-- The options that a model chose under each order in which they were listed, for the answers that speak. A table of its
-- own: most answers have none.
create table order_choices as
select
    s.label as model, a.dataset::dataset_id as dataset, a.language::language_id as language, f.fact_ix,
    a.order_choices as choices
from arriving as a
join shown_runs as s
    on s.run_id = a.run_id and s.model = a.model and s.dataset = a.dataset and s.language = a.language
    and s.probe is not distinct from a.probe and s.template is not distinct from a.template
join facts as f on f.dataset = a.dataset::dataset_id and f.fact_id = a.fact_id
where a.order_choices is not null
qualify row_number() over (partition by s.label, f.dataset, a.language, f.fact_ix order by a.run_id, a.predicted) = 1;
