-- Bids of each minute that has some, and of its busiest second.
-- picture: bars of bids by minute
-- sums: bids
with seconds as (
    select date_trunc('second', timestamp) as instant, count(*) as bids from bids group by instant
)
select date_trunc('minute', instant) as minute, cast(sum(bids) as bigint) as bids, max(bids) as peak_second
from seconds
group by minute
order by minute
