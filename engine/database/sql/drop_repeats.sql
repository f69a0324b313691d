create or replace table answers as
select * from answers
qualify row_number() over (partition by model, dataset, language, fact_ix order by run_id, predicted) = 1;
