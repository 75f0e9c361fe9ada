-- For wrk: each request posts a count that has not been posted before.
local threads = 0

function setup(thread)
    threads = threads + 1
    thread:set("number", threads)
end

function init()
    posted = 0
    -- Several of us may run at once.
    run = tostring(os.time()) .. (os.getenv("BENCH_RUN") or "")
    wrk.method = "POST"
    wrk.headers["Content-Type"] = "application/json"
    wrk.headers["Authorization"] = "Bearer " .. os.getenv("DIGIDEL_ADMIN_KEY")
end

function request()
    posted = posted + 1
    local id = "bench-" .. run .. "-" .. number .. "-" .. posted
    return wrk.format(nil, nil, nil, '{"organisation": "motala-bibliotek", "campaign": "digidel2013",'
        .. ' "measure": "newlyIncluded", "value": 1, "from": "2013-10-07", "to": "2013-10-13", "area": "se-0583",'
        .. ' "channel": "onSite", "evidence": "guideAssessed", "externalId": "' .. id .. '"}')
end
