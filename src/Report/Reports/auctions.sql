-- Auctions in the order of their first bid. The highest bid wins; of equal ones the earlier.
-- picture: bars of winning_amount by auction_id
-- sums: bids, winning_amount
with totals as (
    select auction_id, count(*) as bids, count(distinct bidder_id) as bidders, min(timestamp) as first_bid, max(timestamp) as last_bid
    from bids
    where auction_id is not null
    group by auction_id
),
openings as (
    select distinct on (auction_id) auction_id, bid_amount as opening_amount
    from bids
    where auction_id is not null
    order by auction_id, timestamp, message_id
),
winners as (
    select distinct on (auction_id) auction_id, item, bid_amount as winning_amount, bidder_id as winner
    from bids
    where auction_id is not null
    order by auction_id, bid_amount desc, timestamp, message_id
)
select
    totals.auction_id,
    item,
    bids,
    bidders,
    first_bid,
    last_bid,
    cast(round(opening_amount, 2) as decimal(18, 2)) as opening_amount,
    cast(round(winning_amount, 2) as decimal(18, 2)) as winning_amount,
    winner
from totals
    join openings on openings.auction_id = totals.auction_id
    join winners on winners.auction_id = totals.auction_id
order by first_bid, totals.auction_id collate "C"
