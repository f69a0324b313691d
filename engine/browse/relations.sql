-- The relations of a dataset, with how many facts each has.
select relation, count(*)::bigint as n from facts where dataset = try_cast($dataset as dataset_id) and relation is not null
group by relation order by relation
