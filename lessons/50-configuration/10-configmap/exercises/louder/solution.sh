kubectl patch configmap api -p '{"data":{"LEVEL":"debug"}}'
kubectl rollout restart deployment/api
