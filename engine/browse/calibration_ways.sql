-- The ways in which lab models were asked a dataset: a probe and a wording, with the labels of the models asked so. First
-- the way in which most models were asked, of these the one that finished last.
select
    b.dataset::varchar as dataset, d.title, k.probe, k.template, concat_ws(' · ', k.probe, k.template) as way,
    list(distinct k.label::varchar order by k.label::varchar) as models
from askings as k
join exposure_sets as e on e.model = k.label and e.exposure = 'nowhere'
join bits as b on b.model = e.model and b.dataset = e.dataset and b.language = e.language
join dataset_scales as d on d.dataset = b.dataset
group by b.dataset, d.title, k.probe, k.template
order by dataset, len(models) desc, max(k.finished) desc nulls last, way
