-- What is known of a fact whatever the language.
select dataset::varchar as dataset, fact_id, stream, relation, gold, n_options, source_language, country
from facts where dataset = try_cast($dataset as dataset_id) and fact_id = $fact
