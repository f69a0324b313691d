-- Every way in which a model was asked. How published counts were asked is not known, but who asked is: the harness that
-- their source names first.
create temp table published_ways as
with harnesses as (
    select distinct harness from runs where harness is not null
),
published as (
    select model, source from published_accuracy union select model, source from published_pairs
)
select p.model, p.source, max(h.harness) as harness
from published as p left join harnesses as h on starts_with(p.source || ' ', h.harness || ' ')
group by p.model, p.source;

create temp table ways as
select a.model, a.probe, a.template, r.harness
from answered as a left join runs as r on r.run_id = a.run_id and r.model = a.model
union
select model, null, null, harness from published_ways;
