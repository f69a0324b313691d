-- title: Accuracy
-- level: performance
-- meaning: Share of a dataset's facts that the model answers right in a language. An answer in which no option can be
--   read is wrong; a fact that was not measured is not counted.
-- range: 0 to 1; guessing gives the dataset's chance
-- direction: per language
-- interval: Wilson 95 %
-- source: standard; interval: Wilson 1927, doi:10.1080/01621459.1927.10502953
-- confirmed: yes
-- shape: language
-- scale: share
-- needs: counts
-- columns: model, dataset, language, n, correct, accuracy, ci_low, ci_high
-- key: model, dataset, language
select
    model, dataset, language,
    sum(n)::bigint as n,
    sum(n_correct)::bigint as correct,
    sum(n_correct)::bigint / nullif(sum(n), 0)::bigint as accuracy,
    wilson_low(sum(n_correct)::bigint, sum(n)::bigint) as ci_low,
    wilson_high(sum(n_correct)::bigint, sum(n)::bigint) as ci_high
from accuracy_counts
group by model, dataset, language
