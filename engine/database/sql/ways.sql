-- Every way in which a model was asked; published counts count as imported answers.
create temp table ways as
select distinct model, probe, template from answered
union
select distinct model, 'import', null::varchar from published_accuracy
union
select distinct model, 'import', null::varchar from published_pairs;
