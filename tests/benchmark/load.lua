-- wrk: GET or POST, through one code or spread over all of them.
-- BENCH_CODES: a file with a path in each line. BENCH_BODY: the form without its
-- submission id, which stands behind the path then; without it, GET.
local paths, n = {}, 0
local body = os.getenv("BENCH_BODY")
local headers = { ["Accept-Encoding"] = "gzip" }
for path in io.lines(os.getenv("BENCH_CODES")) do paths[#paths + 1] = path end
if body then headers["Content-Type"] = "application/x-www-form-urlencoded" end

function request()
  n = n + 1
  local path = paths[n * 7919 % #paths + 1]
  if not body then return wrk.format("GET", path, headers) end
  local at, id = path:match("(%S+) (%S+)")
  return wrk.format("POST", at, headers, body .. "&submission=" .. id)
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"seconds":%.3f,"p50":%.2f,"p95":%.2f,"p99":%.2f,"refused":%d,"broken":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(95) / 1e3,
    latency:percentile(99) / 1e3, e.status, e.connect + e.read + e.write + e.timeout))
end
