-- Each bid, with the mean of its item's last bids. --window says how many.
-- picture: line of mean by timestamp and item
select
    timestamp,
    item,
    cast(round(bid_amount, 2) as decimal(18, 2)) as bid_amount,
    cast(div(200 * sum(bid_amount) over recent + count(*) over recent, 2 * count(*) over recent) as decimal(30, 0)) * 0.01 as mean,
    count(*) over recent as size
from bids
window recent as (
    partition by item order by timestamp, message_id
    rows between (select window_size - 1 from parameters) preceding and current row
)
order by timestamp, message_id
