-- Items, most bids first.
-- picture: bars of bids by item
-- sums: bids, total, high
select
    item,
    count(*) as bids,
    count(distinct bidder_id) as bidders,
    count(distinct auction_id) as auctions,
    cast(round(sum(bid_amount), 2) as decimal(38, 2)) as total,
    cast(div(200 * sum(bid_amount) + count(*), 2 * count(*)) as decimal(30, 0)) * 0.01 as average, -- half a cent goes up
    cast(round(min(bid_amount), 2) as decimal(18, 2)) as lowest,
    cast(round(max(bid_amount), 2) as decimal(18, 2)) as highest,
    count(*) filter (where bid_amount > threshold) as high
from bids cross join parameters
group by item
order by bids desc, item collate "C"
