kubectl patch pv ${namespace}-pv -p '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}'
kubectl delete pvc data
kubectl get pv
