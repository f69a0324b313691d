-- One row per ordered pair of languages of a model on a dataset, the diagonal included (there: the accuracy).
select * exclude (model, dataset) replace (language_a::varchar as language_a, language_b::varchar as language_b)
from pair_cells
where model = try_cast($model as model_id) and dataset = try_cast($dataset as dataset_id)
order by language_a, language_b
