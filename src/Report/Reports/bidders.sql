-- Bidders, most bids first. An auction is won by its highest bid, of equal ones the earlier.
-- picture: bars of bids by bidder_id
-- sums: bids, total, high, won
with winners as (
    select distinct on (auction_id) auction_id, bidder_id
    from bids
    where auction_id is not null
    order by auction_id, bid_amount desc, timestamp, message_id
),
wins as (
    select bidder_id, count(*) as won from winners group by bidder_id
)
select
    bids.bidder_id,
    count(*) as bids,
    count(distinct auction_id) as auctions,
    cast(round(sum(bid_amount), 2) as decimal(38, 2)) as total,
    cast(div(200 * sum(bid_amount) + count(*), 2 * count(*)) as decimal(30, 0)) * 0.01 as average, -- half a cent goes up
    cast(round(min(bid_amount), 2) as decimal(18, 2)) as lowest,
    cast(round(max(bid_amount), 2) as decimal(18, 2)) as highest,
    count(*) filter (where bid_amount > threshold) as high,
    coalesce(max(won), 0) as won
from bids cross join parameters left join wins on wins.bidder_id = bids.bidder_id
group by bids.bidder_id
order by bids desc, bids.bidder_id collate "C"
