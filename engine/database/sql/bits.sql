-- Bit strings over the facts of a dataset, one bit per fact at its `fact_ix`: counting what two languages share is then
-- n_bits(a & b). Bound: $dataset, and $last, the dataset's highest fact_ix.
insert into bits
select
    model, dataset, language,
    coalesce(bitstring_agg(fact_ix, 0, $last) filter (where correct is not null), bitstring('0', $last + 1)) as scored,
    coalesce(bitstring_agg(fact_ix, 0, $last) filter (where correct), bitstring('0', $last + 1)) as correct
from answers
where dataset = $dataset
group by model, dataset, language;

insert into choice_bits
select model, dataset, language, predicted, bitstring_agg(fact_ix, 0, $last) as chosen
from answers
where dataset = $dataset and predicted is not null and correct is not null
group by model, dataset, language, predicted;

insert into gold_bits
select dataset, gold_key, bitstring_agg(fact_ix, 0, $last) as facts
from facts
where dataset = $dataset
group by dataset, gold_key;
