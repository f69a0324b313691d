-- The facts that the results answer.
create temp table answered_facts as select distinct dataset, fact_id from arriving;
