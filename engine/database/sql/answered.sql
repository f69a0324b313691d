-- The cells that the results hold, before their answers are loaded.
create temp table answered as
select run_id, model, dataset, language, probe, template, count(*) as n_answers from arriving group by all;
