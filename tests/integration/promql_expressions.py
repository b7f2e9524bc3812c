"""Expressions on which the evaluator must agree with Prometheus, over the series of `moving_world`."""

INSTANT = """
temperature
temperature{zone="eu"}
temperature{zone!="eu"}
temperature{instance=~"a.*|b.*"}
temperature{instance!~"a.*"}
temperature{missing=""}
{job="api", __name__=~"temp.*|build_info"}
connections
odd
nothing
temperature offset 3s
temperature offset -500ms
temperature @ end()
sum(temperature @ start() offset 2s)
http_requests_total[4s]
rate(http_requests_total[6s])
rate(http_requests_total[1m])
rate(http_requests_total{instance="b:80"}[9s] offset 1s)
irate(http_requests_total[6s])
increase(http_requests_total[5s])
increase(latency_seconds_count[3s500ms])
delta(temperature[6s])
idelta(temperature[6s])
deriv(temperature[8s])
deriv(build_info[8s])
predict_linear(disk_free_bytes[8s], 3600)
predict_linear(temperature[8s] offset 1s, 10)
changes(connections[10s])
changes(odd[10s])
resets(http_requests_total[10s])
avg_over_time(temperature[7s])
min_over_time(temperature[7s])
max_over_time(temperature[7s])
sum_over_time(temperature[7s])
count_over_time(temperature[7s])
last_over_time(temperature[7s])
present_over_time(temperature[7s])
absent_over_time(temperature[7s])
absent_over_time(nothing{job="api",x=~"y"}[7s])
quantile_over_time(0.7, temperature[7s])
quantile_over_time(1.7, temperature[7s])
stddev_over_time(temperature[7s])
stdvar_over_time(temperature[7s])
min_over_time(odd[5s])
max_over_time(odd[5s])
sum_over_time(odd[5s])
avg_over_time(odd[5s])
max_over_time(rate(http_requests_total[4s])[6s:1s])
avg_over_time(sum by (job) (temperature)[8s:2s])
count_over_time(temperature[2m:])
sum_over_time(temperature[6s:700ms] offset 1s)
rate(http_requests_total[6s:1s])
min_over_time(max_over_time(temperature[3s:1s])[5s:1s])
sum(temperature)
sum by (zone) (temperature)
sum without (instance, zone) (temperature)
avg by (zone, job) (temperature)
avg(odd)
min(odd)
max(odd)
min by (job) (temperature)
max without (zone) (temperature)
count by (code) (http_requests_total)
group by (zone) (temperature)
stddev(temperature)
stdvar by (zone) (temperature)
quantile(0.4, temperature)
quantile by (code) (0.9, http_requests_total)
quantile(-1, temperature)
topk(2, http_requests_total)
topk by (code) (1, http_requests_total{instance!="b:80"})
bottomk(2, temperature)
topk(0, temperature)
topk(3, odd)
count_values("value", connections)
count_values by (job) ("value", build_info)
count_values("value", odd)
count(nothing)
sum by (__name__) ({job="api", __name__=~"temperature|build_info"})
temperature + 1
2 * temperature
temperature / 0
-temperature / 0
disk_free_bytes % 7
-7 % 3
2 ^ temperature
temperature ^ 0.5
-2 ^ 2
temperature atan2 3
temperature atan2 on (instance) build_info
1 / 0
0 / 0
5 > bool 3
temperature > 30
30 < temperature
temperature > bool 30
30 > bool temperature
temperature == temperature
odd != 0
odd == odd
temperature > on (instance) build_info
temperature * on (instance) build_info
temperature * on (instance, job) group_left (version) build_info
build_info * on (instance, job) group_right (version) temperature
http_requests_total / ignoring (code) group_left sum without (code) (http_requests_total)
http_requests_total{code="500"} / ignoring (code) http_requests_total{code="200"}
sum by (job) (temperature) / sum by (job) (latency_seconds_count)
temperature > bool on (instance) latency_seconds_count
temperature < on (instance) group_right http_requests_total
temperature and on (instance) http_requests_total{code="500"} > 3
temperature and ignoring (zone) build_info
temperature or build_info
temperature{zone="eu"} or temperature
temperature or on () vector(1)
temperature unless temperature{zone="eu"}
temperature unless on (instance) build_info{version="1.1"}
nothing or vector(0)
histogram_quantile(0.9, rate(latency_seconds_bucket[6s]))
histogram_quantile(0.5, sum by (le) (rate(latency_seconds_bucket[6s])))
histogram_quantile(0.99, sum by (le, instance) (increase(latency_seconds_bucket[8s])))
histogram_quantile(0, latency_seconds_bucket)
histogram_quantile(1, latency_seconds_bucket)
histogram_quantile(1.5, latency_seconds_bucket)
histogram_quantile(-0.5, latency_seconds_bucket)
histogram_quantile(0.5, latency_seconds_bucket{le!="+Inf"})
rate(latency_seconds_sum[6s]) / rate(latency_seconds_count[6s])
time()
time() - timestamp(temperature)
timestamp(temperature + 0)
vector(3.5)
scalar(temperature{instance="a:80"})
scalar(temperature)
absent(temperature)
absent(nothing{job="x", kind="y"})
absent(nothing{job="x", job="y", z!="1"})
absent(sum(nothing))
abs(-temperature)
ceil(temperature)
floor(-temperature)
round(temperature)
round(temperature, 0.25)
round(-temperature, 10)
clamp(temperature, 25, 45)
clamp(temperature, 45, 25)
clamp_min(temperature, 40)
clamp_max(odd, 0)
ln(odd)
log2(temperature)
log10(temperature)
exp(odd)
exp(temperature * 100)
sqrt(odd)
sqrt(temperature)
sgn(odd)
round(odd, 0)
round(temperature, Inf)
round(temperature, NaN)
round(odd, -2)
temperature @ -5
temperature{instance!="} @ 1"} @ 1000.5
count_over_time(temperature[3s:1s] @ 1000)
ceil(odd)
round(odd)
sort(temperature)
sort_desc(temperature)
sort(odd)
label_replace(temperature, "host", "$1-x", "instance", "(.*):.*")
label_replace(temperature, "host", "${1}y$2z", "instance", "(a).*")
label_replace(temperature, "zone", "", "zone", ".*")
label_replace(temperature, "host", "none", "missing", "")
label_join(temperature, "both", "/", "job", "zone", "missing")
hour()
day_of_week(vector(1700000000))
days_in_month(vector(1709000000))
month(vector(1700000000)) + year(vector(1700000000))
minute(temperature * 1e6)
day_of_year(vector(1709000000))
pi()
deg(vector(pi())) + rad(vector(180))
disk_free_bytes * 1e12
asinh(odd)
atanh(odd)
acosh(temperature)
asin(odd)
tan(odd)
cosh(temperature * 1e3)
0 ^ -1
(-8) ^ 0.5
odd ^ odd
odd % odd
odd atan2 odd
deriv(odd[6s])
predict_linear(odd[6s], 1)
rate(odd[6s])
delta(odd[6s])
resets(odd[6s])
stddev(odd)
stdvar_over_time(odd[6s])
quantile(0.5, odd)
quantile(NaN, odd)
quantile_over_time(0.5, odd[6s])
topk(-1, odd)
sort_desc(odd)
clamp(odd, -1, NaN)
clamp_min(odd, NaN)
clamp_max(-odd, NaN)
clamp(odd, -Inf, Inf)
min_over_time((temperature > 30)[6s:1s])
sum by (kind, kind) (odd)
label_replace(odd, "__name__", "renamed", "kind", ".*")
max by (job) ({job=~"api|db", __name__=~"odd|temperature"})
disk_free_bytes{mount="/var"} / 1e9
sum(rate(http_requests_total{code=~"5.."}[6s])) / sum(rate(http_requests_total[6s])) > 0
(sum by (instance) (rate(http_requests_total{code="500"}[6s])) or vector(0)) * 100
"text"
""".strip().splitlines()

RANGE = """
temperature
rate(http_requests_total[4s])
increase(http_requests_total{instance="b:80"}[6s])
sum by (code) (rate(http_requests_total[4s]))
histogram_quantile(0.9, sum by (le) (rate(latency_seconds_bucket[5s])))
temperature > 41
topk(1, temperature)
max_over_time(temperature[4s:1s])
temperature @ end() - temperature
temperature offset 2s
time()
1 + 1
temperature * on (instance) group_left (version) build_info
http_requests_total{code="500"} > 3 and on (instance) temperature > 20
absent(http_requests_total > 20)
predict_linear(temperature[5s], 60)
predict_linear(temperature[5s] @ start(), 60)
avg_over_time(rate(http_requests_total[3s])[5s:500ms])
count_values("value", connections)
quantile_over_time(0.5, temperature[5s])
label_replace(temperature, "host", "$1", "instance", "(.*):.*")
changes(connections[5s])
temperature or vector(7)
clamp_max(deriv(temperature[4s]), 1)
""".strip().splitlines()

REFUSED = """
sum(
nope(temperature)
temperature[5s
temperature{job=~"("}
rate(temperature)
1 == 1
temperature + on (job) build_info
temperature{instance="a:80"} + on (job) group_left build_info
temperature * on (job) build_info{version="1.0"}
{__name__=~"latency_seconds_count|latency_seconds_sum", instance="a:80"} + 1
-{__name__=~"latency_seconds_count|latency_seconds_sum", instance="a:80"}
abs({__name__=~"latency_seconds_count|latency_seconds_sum"})
rate({__name__=~"http_requests_total|latency_seconds_count", code=~"|200", instance="a:80"}[5s]) + on () vector(1)
label_replace(temperature, "instance", "x", "instance", ".*")
label_replace(temperature, "bad-name", "x", "instance", ".*")
label_replace(temperature, "x", "x", "instance", "(")
{}
topk(NaN, temperature)
count_values("bad-name", temperature)
""".strip().splitlines()
"""Queries that must fail with Prometheus's own status and error type."""
