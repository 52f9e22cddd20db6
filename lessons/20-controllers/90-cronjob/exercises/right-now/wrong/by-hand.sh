# fails: ran
kubectl create job report-now --image=busybox:1.36 -- date
kubectl patch cronjob report -p '{"spec":{"suspend":true}}'
