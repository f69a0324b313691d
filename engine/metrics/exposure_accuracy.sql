-- title: Accuracy by exposure
-- level: conductivity
-- meaning: Accuracy of a lab model, of which it is known what it was taught in which language. Seen from the language
--   asked, a fact was taught here; or elsewhere, that is in another language but not in this one; or nowhere, in no
--   language at all: these are the control, what guessing and a liking for some options give. Each for all facts, and
--   for those whose subject or right option is spelled as in English (same) or neither of them (different).
-- range: 0 to 1; the control shows what guessing gives
-- direction: per language, exposure and spelling
-- interval: Wilson 95 %
-- source: the split by known exposure is Isogloss's own; spelling as a confounder of transfer: Qi et al. 2023,
--   doi:10.18653/v1/2023.emnlp-main.658
-- confirmed: yes. Defined here and not from a paper.
-- shape: language
-- scale: share
-- needs: answers, exposure
-- columns: model, dataset, language, exposure, strings, n, correct, accuracy
-- key: model, dataset, language, exposure, strings
with counted as (
    select
        b.model, b.dataset, b.language, e.exposure, s.strings,
        n_bits(b.scored & e.facts & s.facts)::bigint as n,
        n_bits(b.correct & e.facts & s.facts)::bigint as correct
    from exposure_sets as e
    join string_sets as s on s.dataset = e.dataset and s.language = e.language
    join bits as b on b.model = e.model and b.dataset = e.dataset and b.language = e.language
    where e.exposure <> 'all'
)
select
    model, dataset, language, exposure, strings, n, correct,
    correct / nullif(n, 0) as accuracy,
    wilson_low(correct, n) as ci_low,
    wilson_high(correct, n) as ci_high
from counted
