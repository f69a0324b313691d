-- What every model answers to one fact in every language.
select a.model::varchar as model, a.language::varchar as language, a.correct, a.predicted, a.text, a.error
from answers as a join facts as f using (dataset, fact_ix)
where f.dataset = try_cast($dataset as dataset_id) and f.fact_id = $fact
order by model, language
