-- By what the facts of a model's heatmap can be split, a row each: taught, where it is known what the model was taught;
-- strings, where it is known how the names of the dataset are spelled.
select distinct 'taught' as part
from exposure_sets
where model = try_cast($model as model_id) and dataset = try_cast($dataset as dataset_id) and exposure = 'nowhere'
union all
select distinct 'strings' from string_sets where dataset = try_cast($dataset as dataset_id) and strings = 'same'
