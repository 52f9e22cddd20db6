kubectl create job report-now --from=cronjob/report
kubectl patch cronjob report -p '{"spec":{"suspend":true}}'
