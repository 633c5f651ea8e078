-- The busiest auctions of each window. A window is --size long, and one opens every --hop.
-- picture: bars of bids by opens
with steps as (
    select step from generate_series(0, 9999) as series(step) cross join parameters where step * hot_hop < hot_size
),
counted as (
    select
        to_timestamp((floor(extract(epoch from timestamp) / hot_hop) - step) * hot_hop) as opens,
        auction_id,
        min(item collate "C") as item,
        count(*) as bids
    from bids cross join parameters cross join steps
    where auction_id is not null
        and extract(epoch from timestamp) < (floor(extract(epoch from timestamp) / hot_hop) - step) * hot_hop + hot_size
    group by opens, auction_id
),
ranked as (
    select opens, auction_id, item, bids, rank() over (partition by opens order by bids desc) as place from counted
)
select opens, opens + hot_size * interval '1 second' as closes, auction_id, item, bids
from ranked cross join parameters
where place = 1
order by opens, auction_id collate "C"
