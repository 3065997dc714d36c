-- Sends reviews, and prints what came of it as one line of JSON.
--   BODY_FILE        the requests' bodies, one in each line, which take turns
--   NEW_CONNECTIONS  "true": every request on a connection of its own
--   PAUSE_MS         how long a connection waits before a request, on average; for a load below the most
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
if os.getenv("NEW_CONNECTIONS") == "true" then wrk.headers["Connection"] = "close" end

local bodies = {}
for line in assert(io.open(os.getenv("BODY_FILE"), "rb")):lines() do bodies[#bodies + 1] = line end
wrk.body = bodies[1]

-- Only where there are several: wrk's own way, which has the request ready made, leaves the load's core more time.
if #bodies > 1 then
  local requests, turn = {}, 0
  function init()
    for index, body in ipairs(bodies) do requests[index] = wrk.format(nil, nil, nil, body) end
  end
  function request()
    turn = turn % #requests + 1
    return requests[turn]
  end
end

local pause = tonumber(os.getenv("PAUSE_MS") or "0")
if pause > 0 then
  -- Not all at the same beat: connections that wait equally long would come in bursts.
  function delay() return math.random(0, 2 * pause) end
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    '{"requests":%d,"durationUs":%d,"p50Us":%d,"p99Us":%d,"p999Us":%d,"socketErrors":%d,"refused":%d}',
    summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9),
    errors.connect + errors.read + errors.write + errors.timeout, errors.status))
end
